//! The stored form of options: as they are in force, so that nothing is normalised again.

use super::{Schema, stored};
use crate::options::{ActivityOptions, EffectiveOptions, EffectiveRetryPolicy, NotEffective};
use crate::vocabulary::{Dialect, Span};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct OptionsForm {
    schema: Schema,
    dialect: Dialect,
    start_to_close_timeout: Span,
    schedule_to_close_timeout: Option<Span>,
    schedule_to_start_timeout: Option<Span>,
    heartbeat_timeout: Option<Span>,
    start_delay: Span,
    retry_policy: RetryPolicyForm,
    workflow_run_timeout: Option<Span>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RetryPolicyForm {
    initial_interval: Span,
    backoff_coefficient: f64,
    maximum_interval: Span,
    maximum_attempts: i32,
    non_retryable_error_types: Vec<String>,
}

impl From<&ActivityOptions> for OptionsForm {
    fn from(options: &ActivityOptions) -> Self {
        let effective = options.effective();
        let policy = effective.retry_policy;
        OptionsForm {
            schema: Schema,
            dialect: effective.dialect,
            start_to_close_timeout: effective.start_to_close_timeout,
            schedule_to_close_timeout: effective.schedule_to_close_timeout,
            schedule_to_start_timeout: effective.schedule_to_start_timeout,
            heartbeat_timeout: effective.heartbeat_timeout,
            start_delay: effective.start_delay,
            retry_policy: RetryPolicyForm {
                initial_interval: policy.initial_interval,
                backoff_coefficient: policy.backoff_coefficient,
                maximum_interval: policy.maximum_interval,
                maximum_attempts: policy.maximum_attempts,
                non_retryable_error_types: policy.non_retryable_error_types,
            },
            workflow_run_timeout: effective.workflow_run_timeout,
        }
    }
}

impl TryFrom<OptionsForm> for ActivityOptions {
    type Error = NotEffective;

    fn try_from(form: OptionsForm) -> Result<Self, NotEffective> {
        ActivityOptions::from_effective(EffectiveOptions {
            dialect: form.dialect,
            start_to_close_timeout: form.start_to_close_timeout,
            schedule_to_close_timeout: form.schedule_to_close_timeout,
            schedule_to_start_timeout: form.schedule_to_start_timeout,
            heartbeat_timeout: form.heartbeat_timeout,
            start_delay: form.start_delay,
            retry_policy: EffectiveRetryPolicy {
                initial_interval: form.retry_policy.initial_interval,
                backoff_coefficient: form.retry_policy.backoff_coefficient,
                maximum_interval: form.retry_policy.maximum_interval,
                maximum_attempts: form.retry_policy.maximum_attempts,
                non_retryable_error_types: form.retry_policy.non_retryable_error_types,
            },
            workflow_run_timeout: form.workflow_run_timeout,
        })
    }
}

stored!(ActivityOptions as OptionsForm);
