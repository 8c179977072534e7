"""What tests of several rooms share: small houses, offices with fakes, a person who decides."""
