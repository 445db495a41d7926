"""Whether the app's mail arrives, says what it should, and is believed by those who receive it."""
