/// Support for the tests.
