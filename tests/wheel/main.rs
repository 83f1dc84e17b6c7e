//! The timer wheel: explored, held to its promises, run with random scripts.

mod exploration;
mod promises;
mod scripts;
