"""Messages that wait to be sent: written by the policy, claimed and settled by the sender."""
