"""The customer's money: what is open and when it is due, mandate, account, documents, years."""
