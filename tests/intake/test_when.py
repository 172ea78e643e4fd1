"""Dates above forwarded mails, as programs write them: a new one is a new line of the table."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from daemon.intake import when

ZONE = timezone(timedelta(hours=2))
DATES = """
ven. 4 sept. 2026 à 15:47                                | 2026-09-04T15:47+02:00
mar. 3 nov. 2026 à 09:31                                 | 2026-11-03T09:31+02:00
Le vendredi 4 septembre 2026 à 15:47                     | 2026-09-04T15:47+02:00
29 août 2026 à 10:26:14 UTC+2                            | 2026-08-29T10:26:14+02:00
29 août 2026 à 10:26:14 HAEC                             | 2026-08-29T10:26:14+02:00
04/09/26 15 h 47                                         | 2026-09-04T15:47+02:00
04/09/26 15h47                                           | 2026-09-04T15:47+02:00
martedì 3 novembre 2026, 09:26:50 CET                    | 2026-11-03T09:26:50+01:00
mer 4 nov 2026 alle ore 09:31                            | 2026-11-04T09:31+02:00
Fri, Sep 4, 2026 at 3:47 PM                              | 2026-09-04T15:47+02:00
Fri, Sep 4, 2026 at 12:05 AM                             | 2026-09-04T00:05+02:00
Tuesday, November 3, 2026, 09:26:50 PM GMT+1             | 2026-11-03T21:26:50+01:00
On Friday, September 4th, 2026 at 3:47 PM                | 2026-09-04T15:47+02:00
Friday, September 4, 2026, 3:47:21 PM -0400              | 2026-09-04T15:47:21-04:00
Fri, 4 Sep 2026 15:47:21 +0200                           | 2026-09-04T15:47:21+02:00
09/04/2026 3:47 PM EST                                   | 2026-09-04T15:47-05:00
10/28/26, 3:15 PM                                        | 2026-10-28T15:15+02:00
04/09/2026 15:47 (GMT+01:00)                             | 2026-09-04T15:47+01:00
2026-09-04T15:47:00+0200                                 | 2026-09-04T15:47+02:00
2026-09-04T15:47:00+01:00                                | 2026-09-04T15:47+01:00
2026-09-04                                               | 2026-09-04T12:00+02:00
04.09.2026 15.47                                         | 2026-09-04T15:47+02:00
04.09.2026 3:35 nachm.                                   | 2026-09-04T15:35+02:00
Dienstag, 3. März 2026 um 09:31 Uhr                      | 2026-03-03T09:31+02:00
4 September 2026 15:47:00 MESZ                           | 2026-09-04T15:47+02:00
26. Oktober 2026 um 14:25:08 OESZ                        | 2026-10-26T14:25:08+03:00
vr 4 sep 2026 om 15:47                                   | 2026-09-04T15:47+02:00
di 3 mrt. 2026 om 09:31                                  | 2026-03-03T09:31+02:00
lun, 7 sept 2026 a las 3:47 p. m.                        | 2026-09-07T15:47+02:00
26 de octubre de 2026, 14:25:08 EEST                     | 2026-10-26T14:25:08+03:00
lunes, 7 de septiembre de 2026 17:55:44 -0400            | 2026-09-07T17:55:44-04:00
quarta, 28/10/2026 à(s) 09:31                            | 2026-10-28T09:31+02:00
terça-feira, 3 de novembro de 2026 09:26:50 GMT+1        | 2026-11-03T09:26:50+01:00
tirsdag den 3. november 2026 09.26.50 CET                | 2026-11-03T09:26:50+01:00
ons. 28. okt. 2026 kl. 09.31                             | 2026-10-28T09:31+02:00
måndag 7 september 2026 17:55:44                         | 2026-09-07T17:55:44+02:00
ke 28. lokak. 2026 klo 9.31                              | 2026-10-28T09:31+02:00
K, 28. oktoober 2026 kell 09:31                          | 2026-10-28T09:31+02:00
st 28. 10. 2026 v 9:31                                   | 2026-10-28T09:31+02:00
úterý 3. listopadu 2026 09:26:50 SEČ                     | 2026-11-03T09:26:50+01:00
26. ledna 2026 v 14:25                                   | 2026-01-26T14:25+02:00
út 9. čvn 2026 v 8:05                                    | 2026-06-09T08:05+02:00
st 5. srp 2026 v 8:05                                    | 2026-08-05T08:05+02:00
26. októbra 2026, 14:25:08 GMT+3                         | 2026-10-26T14:25:08+03:00
śr., 4 lis 2026 o 09:31                                  | 2026-11-04T09:31+02:00
pon., 6 lip 2026 o 09:31                                 | 2026-07-06T09:31+02:00
sri, 28. lis 2026. u 09:31                               | 2026-10-28T09:31+02:00
pon, 27. srp 2026. u 09:31                               | 2026-07-27T09:31+02:00
2026. okt. 28., Sze, 9:31                                | 2026-10-28T09:31+02:00
csütörtök, 2026. október 8. 12:46                        | 2026-10-08T12:46+02:00
mar., 3 mar. 2026 la 09:31                               | 2026-03-03T09:31+02:00
ср, 28 окт. 2026 г. в 09:31                              | 2026-10-28T09:31+02:00
вівторок, 3 листопада 2026 р., 09:26:50 GMT+1            | 2026-11-03T09:26:50+01:00
28 октомври 2026 г. 12:46                                | 2026-10-28T12:46+02:00
Τετ, 28 Οκτ 2026 στις 9:31 π.μ.                          | 2026-10-28T09:31+02:00
3 Kasım 2026 Salı 09:26:50 GMT+1                         | 2026-11-03T09:26:50+01:00
2026年9月4日(金) 15:47                                    | 2026-09-04T15:47+02:00
2026年9月4日 周五 下午3:47                                | 2026-09-04T15:47+02:00
2026년 9월 4일 (금) 오후 3:47                             | 2026-09-04T15:47+02:00
\u200e16/\u200e02/\u200e2026 14:53                       | 2026-02-16T14:53+02:00
"""


@pytest.mark.parametrize("line", DATES.strip().split("\n"))
def test_a_date_is_read_in_every_language(line: str) -> None:
    """Shows that a date line gives the moment beside it, in the line's zone or the outer mail's."""
    text, _, wanted = line.rpartition("|")
    assert when.parse(text.strip(), ZONE) == datetime.fromisoformat(wanted.strip())


@pytest.mark.parametrize(
    "text",
    ["", "12:30", "mardi", "le 4", "31/02/2026", "2026-13-45 10:00", "4 sept. 99999", "99:99 4 sept. 2026", "0/0/0"],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    """Shows that nonsense is no date, and raises nothing."""
    found = when.parse(text, ZONE)
    assert found is None or found.date().isoformat() == "2026-09-04"
