"""Pictures from addresses that a merchant's file names: public ones only, with limits on everything."""
