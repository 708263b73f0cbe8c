//! To come: gamma_alignment.
