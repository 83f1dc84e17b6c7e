//! Folders with files, and what is read of the one site in one of them.

use activity_sources::code::{Known, OptionName, Others, Setting, Site, sites_among};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder that goes away with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("activity-elsewhere-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn site(&self, path: &str, largest: u64) -> Site {
        let path = self.0.join(path);
        let text = fs::read_to_string(&path).unwrap();
        let others = Others::beside(std::slice::from_ref(&self.0), largest);
        let sites = sites_among(&path, &text, &others);
        let [site] = <[Site; 1]>::try_from(sites).expect("one site");
        site
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is read of the start-to-close timeout.
pub(crate) fn told(site: &Site) -> String {
    match &site.options[&OptionName::StartToCloseTimeout] {
        Known::Given { setting: Setting::Duration(span), .. } => {
            format!("{}s", *span as f64 / 1e9)
        }
        Known::Unknown { .. } => "unknown".to_owned(),
        other => format!("{other:?}"),
    }
}
