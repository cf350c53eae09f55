"""Runs the whole system on one machine: real Kafka and MongoDB as child processes, no root, no containers."""
