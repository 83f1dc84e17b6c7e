//! Moves in words: what scenario files are written in.
//! Knows sentences; does not know when they are true.

use super::moves::{Move, Returned};

/// The sentence for a move.
pub(super) fn say(moved: Move) -> String {
    let name = moved.worker().map_or("", |worker| ["worker A", "worker B"][worker]);
    let or_arrives = |stray: bool| if stray { ", its request may still arrive" } else { "" };
    let short = |time_left: bool| if time_left { "" } else { ", no time left for a retry" };
    let unheard = |lost: bool| if lost { ", the answer is lost" } else { "" };
    match moved {
        Move::Schedule => "the caller schedules the activity".into(),
        Move::Cancel => "the caller is cancelled".into(),
        Move::SendStart => "the caller sends the start".into(),
        Move::TakeCallerCall { reply_lost } => {
            format!("the service takes the caller's call{}", unheard(reply_lost))
        }
        Move::TellCaller => "the caller is told".into(),
        Move::CloseCaller => "the caller closes".into(),
        Move::BackoffElapses => "the backoff elapses".into(),
        Move::Elapses { timeout_type, time_left } => {
            format!("the service's {} elapses{}", timeout_type.name(), short(time_left))
        }
        Move::LoseTask => "the task is lost before it is polled".into(),
        Move::TakeTask { .. } => format!("{name} takes the task"),
        Move::TakeTaskReplyLost => "the task starts, matching does not hear of it".into(),
        Move::TakeTaskLost => "the task starts, its worker does not hear of it".into(),
        Move::AskAgain { .. } => format!("matching asks again, {name} takes the task"),
        Move::AskNoMore => "matching gives up".into(),
        Move::Heartbeat { throttle_over: false, .. } => format!("{name} heartbeats"),
        Move::Heartbeat { throttle_over: true, .. } => {
            format!("{name} heartbeats after the throttle interval")
        }
        Move::ConversionFails { .. } => format!("{name} heartbeats what cannot be converted"),
        Move::Return { returned, .. } => {
            let what = match returned {
                Returned::Completed => "Completed",
                Returned::Failed => "Failed",
                Returned::FailedForGood => "Failed, not to be retried",
                Returned::Cancelled => "Cancelled",
                Returned::WillCompleteAsync => "WillCompleteAsync",
            };
            format!("{name} returns {what}")
        }
        Move::ThrottleElapses { .. } => format!("{name}'s throttle interval elapses"),
        Move::LocalTimeout { start_to_close, stray, .. } => {
            let timer = if start_to_close { "StartToClose" } else { "Heartbeat" };
            format!("{name}'s own {timer} elapses{}", or_arrives(stray))
        }
        Move::TakeCall { time_left, reply_lost, .. } => {
            format!("the service takes {name}'s call{}{}", short(time_left), unheard(reply_lost))
        }
        Move::GiveUp { stray, .. } => format!("{name} gives up its call{}", or_arrives(stray)),
        Move::Duplicate { .. } => format!("{name}'s call is duplicated"),
        Move::Crash { stray, .. } => format!("{name} crashes{}", or_arrives(stray)),
        Move::ShutDown { .. } => format!("{name} shuts down"),
        Move::PollEnds { .. } => format!("{name}'s poll ends"),
        Move::TakeStray { stray, time_left } => {
            format!("stray call {} arrives{}", stray + 1, short(time_left))
        }
        Move::LoseStray { stray } => format!("stray call {} is lost", stray + 1),
        Move::CompleteAsynchronously => "somebody completes the asynchronous attempt".into(),
        Move::ForgetAsynchronous => "the token of the asynchronous attempt is forgotten".into(),
    }
}
