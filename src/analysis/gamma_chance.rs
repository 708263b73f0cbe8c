//! To come: gamma_chance.
