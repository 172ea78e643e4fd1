"""The links of Amazon's mails: wrapped, with session numbers that look like orders' numbers."""

from __future__ import annotations

import random
from urllib.parse import quote

from tests.mails.generator.sites import Site
from tests.mails.generator.style import Style

_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"


class Links:
    """Makes the links of one mail."""

    def __init__(self, rng: random.Random, site: Site, style: Style) -> None:
        self.rng, self.site, self.style = rng, site, style

    def _signs(self, length: int) -> str:
        return "".join(self.rng.choice(_SIGNS) for _ in range(length))

    def asin(self) -> str:
        """Return an article's number."""
        return f"B0{self._signs(8)}"

    def _session(self) -> str:
        first = self.rng.choice([prefix for prefix in self.site.prefixes if prefix.isdigit()])
        return f"{first}-{self.rng.randrange(10**7):07}-{self.rng.randrange(10**7):07}"

    def product(self) -> str:
        """Return the link of an article; it may hold a session's number, which is no order's."""
        session = f"/{self._session()}" if self.rng.randrange(3) == 0 else ""
        return self._host(f"/dp/{self.asin()}/ref=pe_{self.rng.randrange(10**6)}{session}?ref_=fed_asin_title")

    def order(self, number: str) -> str:
        """Return the link of an order's page or parcel."""
        shipment = self._signs(9)
        path = self.rng.choice(
            (
                f"/progress-tracker/package?_encoding=UTF8&orderId={number}&packageIndex=0&shipmentId={shipment}",
                f"/your-orders/order-details?orderID={number}&ref_=p_btn_fed_veo",
                f"/gp/css/shiptrack/view.html?ie=UTF8&orderID={number}&orderingShipmentId={shipment}&packageId=1",
            )
        )
        return self._host(path)

    def page(self) -> str:
        """Return the link of one of Amazon's own pages; that of an invoice may name another order."""
        pages = ("/gp/css/order-history?ref_=fed_yo", "/your-account?ref_=fed_ya", "/gp/buyagain")
        invoice = f"/gp/css/summary/print.html?ie=UTF8&orderID={self._session()}"
        return self._host(self.rng.choice((*pages, invoice)))

    def wrapped(self, target: str) -> str:
        """Return the link by which HTML leads to a target."""
        if self.style.links == "plain":
            return target
        business = self.style.links == "business"
        if business:
            target = target.replace("//www.", "//business.").replace(self.site.host, f"{self.site.host}/abredir", 1)
        marks = f"C={self._signs(13)}&K={self._signs(13)}&M=urn:rtn:msg:2026{self._signs(18)}&R={self._signs(13)}&T=C"
        page = "f" if business else "r"
        return f"https://www.{self.site.host}/gp/{page}.html?{marks}&U={quote(target, safe='')}&H={self._signs(20)}"

    def _host(self, path: str) -> str:
        return f"https://www.{self.site.host}{path}"
