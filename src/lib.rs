//! Activity Executions in Temporal's sense that can be trusted.
