"""Real apps on this machine: installed from package registries, started on loopback, stopped by their process ids.

Only the standard library is used, so that `python3 -m tests.apps start laravel` works before anything is installed.
"""
