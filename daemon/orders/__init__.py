"""Orders: notices folded into what is known of one purchase."""

from daemon.orders.fold import fold
from daemon.orders.link import same_parcel

__all__ = ["fold", "same_parcel"]
