"""What folders that come later are told of."""

from django.dispatch import Signal

#: Sent with ``run`` in the transaction that ends it.
run_finished = Signal()
