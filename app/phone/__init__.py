"""The app on a phone: manifest, service worker, a page for no signal, the outbox's ticket, forgetting the phone."""
