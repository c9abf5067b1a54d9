"""What aftersales announces after commit, so that mails are hurried."""

from django.dispatch import Signal

#: a mail of aftersales has become due; nothing is sent with it, because what is due is found by a query
mail_due = Signal()
