"""What artisan tells of a Laravel app, asked once a run."""
