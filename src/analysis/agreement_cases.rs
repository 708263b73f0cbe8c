//! To come: agreement_cases.
