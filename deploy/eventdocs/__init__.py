"""The published description of every event: AsyncAPI, JSON Schema, samples; generated from the registries."""
