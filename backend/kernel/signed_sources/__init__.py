"""Other systems that sign what they send: registered, given secrets, switched, recognised."""
