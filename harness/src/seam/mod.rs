//! The seam: what a system under test has to implement, and what it says of itself.
//!
//! A system answers calls about activities that the harness names, lets time pass when it is told
//! to, and may be crashed. Tokens are its own and opaque; so are request ids and payloads to it.
//! Whatever it cannot do, its [`Manifest`] leaves out.

mod broken;
mod call;
mod core;
mod manifest;
mod told;

pub use self::core::CoreSystem;
pub use broken::Broken;
pub use call::{ActivityId, Call, Command, Named, RequestName, Token};
pub use manifest::{Manifest, SystemClock};
pub use told::{Task, Told};

use activity_execution::vocabulary::Span;

/// A system under test.
///
/// Every method is async, whatever runs it: the harness awaits one at a time, and needs no runtime
/// of its own.
#[expect(async_fn_in_trait, reason = "the harness awaits in place and moves no future to a thread")]
pub trait ActivitySystem {
    /// What it is called, what it can do, and what can be seen of it.
    fn manifest(&self) -> Manifest;

    /// Answers a call about an activity; a start is one, and so is a look at it.
    ///
    /// # Errors
    /// If it does not answer as a system can, which is not a refusal: that is an answer.
    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken>;

    /// Answers calls in their order; those about different activities may be on their way at once.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    async fn calls(&mut self, commands: &[Command]) -> Result<Vec<Told>, Broken> {
        let mut told = Vec::with_capacity(commands.len());
        for Command { activity, call } in commands {
            told.push(self.call(*activity, call).await?);
        }
        Ok(told)
    }

    /// Lets so much time pass, in milliseconds: a virtual clock is moved, and every deadline on the
    /// way takes effect at its instant; with a real clock this returns when the time is over.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken>;

    /// Loses all that is not durable, and comes up again.
    ///
    /// # Errors
    /// If it cannot, which its [`Manifest`] should say, or does not come up.
    async fn crash(&mut self) -> Result<(), Broken> {
        Err(Broken::new("this system cannot be crashed, though its manifest says so"))
    }

    /// Begins anew, with nothing, at instant zero; if `durable`, a [`crash`](Self::crash) may come,
    /// and what was answered has to survive it.
    ///
    /// # Errors
    /// If it does not come up.
    async fn begin_anew(&mut self, durable: bool) -> Result<(), Broken> {
        let _ = durable;
        Ok(())
    }

    /// Forgets activities that nobody will ask about again.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    async fn forget(&mut self, activities: &[ActivityId]) -> Result<(), Broken> {
        let _ = activities;
        Ok(())
    }
}

impl<S: ActivitySystem> ActivitySystem for &mut S {
    fn manifest(&self) -> Manifest {
        (**self).manifest()
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        (**self).call(activity, call).await
    }

    async fn calls(&mut self, commands: &[Command]) -> Result<Vec<Told>, Broken> {
        (**self).calls(commands).await
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        (**self).pass(elapsed).await
    }

    async fn crash(&mut self) -> Result<(), Broken> {
        (**self).crash().await
    }

    async fn begin_anew(&mut self, durable: bool) -> Result<(), Broken> {
        (**self).begin_anew(durable).await
    }

    async fn forget(&mut self, activities: &[ActivityId]) -> Result<(), Broken> {
        (**self).forget(activities).await
    }
}
