//! Sites in source code, each with what is known of its options.

use super::read::{Defined, Judged, ScanCoverage};
use activity_analysis::rules::{Known, KnownOptions, Setting};
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Dialect;
use activity_sources::OptionName;
use activity_sources::code::{self, Extent, Kind, Others, Site};
use std::collections::BTreeMap;
use std::path::Path;

/// The sites of a file that are judged, and what was looked at.
pub(super) fn sites(path: &Path, text: &str, others: &Others) -> (Vec<Judged>, ScanCoverage) {
    let mut coverage = ScanCoverage::default();
    let mut judged = Vec::new();
    for site in &code::sites_among(path, text, others) {
        if site.kind == Kind::Override {
            coverage.overrides += 1;
            continue;
        }
        coverage.sites += 1;
        match site.extent() {
            Extent::Known => coverage.known += 1,
            Extent::Partly => coverage.partly += 1,
            Extent::Unknown => coverage.unreadable += 1,
        }
        match site.kind {
            Kind::Local => coverage.local += 1,
            Kind::Standalone => judged.push(judge(site, Dialect::Standalone)),
            Kind::Workflow | Kind::Override => judged.push(judge(site, Dialect::Workflow)),
        }
    }
    let may_run_in_session = code::has_sessions(path, text);
    judged.iter_mut().for_each(|site| site.may_run_in_session = may_run_in_session);
    (judged, coverage)
}

fn judge(site: &Site, dialect: Dialect) -> Judged {
    let mut judged = Judged {
        place: site.place.clone(),
        known: KnownOptions::default(),
        places: BTreeMap::new(),
        definitions: site.definitions.iter().map(defined).collect(),
        reasons: BTreeMap::new(),
        invalid: Vec::new(),
        may_run_in_session: false,
        run_timeout: None,
        dialect,
    };
    for (option, known) in &site.options {
        let field = field(*option);
        let (known, place) = match known {
            code::Known::Absent => (Known::Absent, None),
            code::Known::Given { setting, place } => (given(setting), Some(place.clone())),
            code::Known::Unknown { reason, place } => {
                judged.reasons.insert(field, reason.to_string());
                (Known::Unknown, place.clone())
            }
            code::Known::Invalid { message, place } => {
                judged.invalid.push((field, place.clone(), message.clone()));
                (Known::Unknown, Some(place.clone()))
            }
        };
        judged.known.set(field, known);
        judged.places.extend(place.map(|place| (field, place)));
    }
    judged
}

/// Where the value of an option is defined.
fn defined((option, definition): (&OptionName, &code::Definition)) -> (Field, Defined) {
    let file = super::read::name(&definition.file);
    (field(*option), Defined { file, line: definition.line })
}

fn given(setting: &code::Setting) -> Known {
    match setting {
        code::Setting::Duration(nanoseconds) => {
            Known::Given(Setting::Duration(Nanoseconds(*nanoseconds)))
        }
        code::Setting::Number(number) => Known::Given(Setting::Number(*number)),
        code::Setting::Names { names, complete: true } => {
            Known::Given(Setting::Names(names.clone()))
        }
        code::Setting::Names { complete: false, .. } => Known::Unknown,
    }
}

fn field(option: OptionName) -> Field {
    match option {
        OptionName::StartToCloseTimeout => Field::StartToCloseTimeout,
        OptionName::ScheduleToCloseTimeout => Field::ScheduleToCloseTimeout,
        OptionName::ScheduleToStartTimeout => Field::ScheduleToStartTimeout,
        OptionName::HeartbeatTimeout => Field::HeartbeatTimeout,
        OptionName::InitialInterval => Field::InitialInterval,
        OptionName::BackoffCoefficient => Field::BackoffCoefficient,
        OptionName::MaximumInterval => Field::MaximumInterval,
        OptionName::MaximumAttempts => Field::MaximumAttempts,
        OptionName::NonRetryableErrorTypes => Field::NonRetryableErrorTypes,
    }
}
