//! To come: assignment.
