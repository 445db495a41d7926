"""Mailboxes: where the app's mail arrives and how a flow waits for it. One file for each kind."""
