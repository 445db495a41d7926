"""Whether the app's headers protect those who visit it, scored as Mozilla's HTTP Observatory does."""
