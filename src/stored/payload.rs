//! The stored form of payloads and failures, with the field names of Temporal's `Failure`.

use super::stored;
use crate::payload::{Content, Failure, FailureInfo, Payload};
use crate::vocabulary::{Opaque, TimeoutType};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum PayloadForm {
    None,
    Data(String),
    Bytes(Vec<u8>),
    Failure(FailureForm),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FailureForm {
    message: String,
    failure_info: FailureInfoForm,
    cause: Payload,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum FailureInfoForm {
    ApplicationFailureInfo { r#type: String, non_retryable: bool },
    ServerFailureInfo { non_retryable: bool },
    TimeoutFailureInfo { timeout_type: TimeoutType, last_heartbeat_details: Payload },
    CanceledFailureInfo { details: Payload },
    TerminatedFailureInfo {},
    Unspecified {},
}

impl From<&Payload> for PayloadForm {
    fn from(payload: &Payload) -> Self {
        match payload.content() {
            None => PayloadForm::None,
            Some(Content::Data(bytes)) => match core::str::from_utf8(bytes) {
                Ok(text) => PayloadForm::Data(text.to_string()),
                Err(_) => PayloadForm::Bytes(bytes.clone()),
            },
            Some(Content::Failure(failure)) => PayloadForm::Failure(failure.into()),
        }
    }
}

impl From<PayloadForm> for Payload {
    fn from(form: PayloadForm) -> Self {
        match form {
            PayloadForm::None => Payload::none(),
            PayloadForm::Data(text) => Payload::data(text),
            PayloadForm::Bytes(bytes) => Payload::data(bytes),
            PayloadForm::Failure(failure) => Payload::failure(failure.into()),
        }
    }
}

impl From<&Failure> for FailureForm {
    fn from(failure: &Failure) -> Self {
        let failure_info = match &failure.info {
            FailureInfo::Application { type_name, non_retryable } => {
                FailureInfoForm::ApplicationFailureInfo {
                    r#type: type_name.clone(),
                    non_retryable: *non_retryable,
                }
            }
            FailureInfo::Server { non_retryable } => {
                FailureInfoForm::ServerFailureInfo { non_retryable: *non_retryable }
            }
            FailureInfo::Timeout { timeout_type, last_heartbeat_details } => {
                FailureInfoForm::TimeoutFailureInfo {
                    timeout_type: *timeout_type,
                    last_heartbeat_details: last_heartbeat_details.clone(),
                }
            }
            FailureInfo::Canceled { details } => {
                FailureInfoForm::CanceledFailureInfo { details: details.clone() }
            }
            FailureInfo::Terminated => FailureInfoForm::TerminatedFailureInfo {},
            FailureInfo::Unspecified => FailureInfoForm::Unspecified {},
        };
        let (message, cause) = (failure.message.clone(), failure.cause.clone());
        FailureForm { message, failure_info, cause }
    }
}

impl From<FailureForm> for Failure {
    fn from(form: FailureForm) -> Self {
        let info = match form.failure_info {
            FailureInfoForm::ApplicationFailureInfo { r#type, non_retryable } => {
                FailureInfo::Application { type_name: r#type, non_retryable }
            }
            FailureInfoForm::ServerFailureInfo { non_retryable } => {
                FailureInfo::Server { non_retryable }
            }
            FailureInfoForm::TimeoutFailureInfo { timeout_type, last_heartbeat_details } => {
                FailureInfo::Timeout { timeout_type, last_heartbeat_details }
            }
            FailureInfoForm::CanceledFailureInfo { details } => FailureInfo::Canceled { details },
            FailureInfoForm::TerminatedFailureInfo {} => FailureInfo::Terminated,
            FailureInfoForm::Unspecified {} => FailureInfo::Unspecified,
        };
        Failure { message: form.message, info, cause: form.cause }
    }
}

stored!(Payload as PayloadForm);
stored!(Failure as FailureForm);
