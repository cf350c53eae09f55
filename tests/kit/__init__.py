"""What tests are written with: a world of real servers, given-when-then, facts that are waited for, a frozen clock."""
