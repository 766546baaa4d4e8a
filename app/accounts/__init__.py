"""People who sign in, sign-in methods, roles, permissions and the gate before every request."""
