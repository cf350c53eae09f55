"""School years made up from a seed: written by the deciders everybody uses, straight into stores or the log."""
