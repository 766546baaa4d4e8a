"""Single sign-on: a council's own OpenID Connect provider proves who an adult is."""
