"""What keeps a document from being finished: found by the official rules, or by the mail server."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.model_parts.documents import Invoice


class DocumentHold(models.Model):
    """A document that could not be made or sent, and why; the row goes when it could."""

    class Step(models.TextChoices):
        """What did not work."""

        FILE = "file", _("making the file")
        MAIL = "mail", _("sending")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="holds")
    step = models.CharField(max_length=4, choices=Step.choices)
    attempts = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    #: what the official rules said: rule, severity, text
    findings = models.JSONField(default=list)
    #: what else went wrong
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "step"], name="one_hold_a_step")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.step}"
