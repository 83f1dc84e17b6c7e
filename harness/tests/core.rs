//! The core behind the seam: every suite in the small configurations, as tests of their own.

use activity_harness::seam::CoreSystem;

activity_harness::conformance_tests!(CoreSystem::new());
