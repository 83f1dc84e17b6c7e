//! The text of moves: how scenarios of the system spell them. Scenarios are written in them. Knows
//! words; does not know when they are true.

use super::moves::{Move, Returned};

/// Whose processes poll.
pub(super) const WORKERS: [&str; 2] = ["worker-a", "worker-b"];

/// The words for a move.
pub(super) fn say(moved: Move) -> String {
    let worker = moved.worker().map_or("", |worker| WORKERS[worker]);
    let flag = |is_set: bool, word: &'static str| if is_set { word } else { "" };
    let late = |stray: bool| flag(stray, " may_arrive");
    let short = |time_left: bool| flag(!time_left, " no_time_left");
    let unheard = |lost: bool| flag(lost, " answer_lost");
    match moved {
        Move::Schedule => "caller Schedule".into(),
        Move::Cancel => "caller Cancel".into(),
        Move::SendStart => "caller SendStart".into(),
        Move::CloseCaller => "caller Close".into(),
        Move::TakeCallerCall { reply_lost } => {
            format!("service TakeCall caller{}", unheard(reply_lost))
        }
        Move::TellCaller => "service TellCaller".into(),
        Move::BackoffElapses => "service BackoffElapses".into(),
        Move::Elapses { timeout_type, time_left } => {
            format!("service {}Elapses{}", timeout_type.name(), short(time_left))
        }
        Move::TakeCall { time_left, reply_lost, .. } => {
            format!("service TakeCall {worker}{}{}", short(time_left), unheard(reply_lost))
        }
        Move::LoseTask => "matching LoseTask".into(),
        Move::TakeTaskReplyLost => "matching StartTask answer_lost".into(),
        Move::TakeTaskLost => "matching StartTask task_lost".into(),
        Move::AskAgain { .. } => format!("matching StartTaskAgain {worker}"),
        Move::AskNoMore => "matching GiveUp".into(),
        Move::TakeTask { .. } => format!("{worker} Poll"),
        Move::Heartbeat { throttle_over, .. } => {
            format!("{worker} Heartbeat{}", flag(throttle_over, " throttle_over"))
        }
        Move::ConversionFails { .. } => format!("{worker} Heartbeat not_convertible"),
        Move::Return { returned, .. } => {
            let what = match returned {
                Returned::Completed => "Completed",
                Returned::Failed => "Failed",
                Returned::FailedForGood => "Failed non_retryable",
                Returned::Cancelled => "Cancelled",
                Returned::WillCompleteAsync => "WillCompleteAsync",
            };
            format!("{worker} Return {what}")
        }
        Move::ThrottleElapses { .. } => format!("{worker} ThrottleElapses"),
        Move::LocalTimeout { start_to_close, stray, .. } => {
            let timer = if start_to_close { "StartToClose" } else { "Heartbeat" };
            format!("{worker} {timer}Elapses{}", late(stray))
        }
        Move::GiveUp { stray, .. } => format!("{worker} GiveUp{}", late(stray)),
        Move::Crash { stray, .. } => format!("{worker} Crash{}", late(stray)),
        Move::ShutDown { .. } => format!("{worker} ShutDown"),
        Move::PollEnds { .. } => format!("{worker} PollEnds"),
        Move::Duplicate { .. } => format!("network Duplicate {worker}"),
        Move::TakeStray { stray, time_left } => {
            format!("network Deliver {}{}", stray + 1, short(time_left))
        }
        Move::LoseStray { stray } => format!("network Lose {}", stray + 1),
        Move::CompleteAsynchronously => "somebody RespondCompleted".into(),
        Move::ForgetAsynchronous => "somebody ForgetToken".into(),
    }
}
