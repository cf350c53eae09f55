"""What operators see of a running process: metrics, health, traces, structured logs."""
