"""What delivery costs in a shop that has just been opened, until its merchant says otherwise."""

from __future__ import annotations

from souk.kernel.money import exponent

# Major units that are worth about five US dollars, rounded to 1, 2 or 5 and zeros, by the market rates of late 2025
# (ECB reference rates where the bank publishes one); half of that or less where a parcel within the country is known
# to cost far less than in Europe (INR, IDR, VND, PKR, BDT, EGP, NGN). Rates move by a tenth a year and the steps are
# twice as wide: no entry is wrong enough to be kept up to date. Currencies that are not named cost 5.
_WORTH_FIVE_DOLLARS: dict[int, str] = {
    2: "BHD JOD KWD OMR",
    10: "AUD AWG AZN BAM BBD BGN BZD FJD GEL NZD TND TOP WST XCD",
    20: "AED BRL BYN CNY ILS LYD MYR PEN PGK PLN QAR RON SAR TMT",
    50: "BOB BWP DKK EGP GHS GTQ HKD MAD MOP NOK SBD SEK SVC THB TJS TTD",
    100: "CUP CZK ERN HNL INR LSL MDL MVR MXN NAD SCR SLE STN SZL TRY ZAR ZMW ZWG",
    200: "AFN BDT BTN MKD MRU MUR NIO NPR PHP PKR SRD TWD UAH UYU",
    500: "ALL CVE DOP DZD ETB GMD HTG ISK JPY KES KGS MZN RSD RUB VUV XPF",
    1_000: "AMD DJF GYD JMD LKR LRD VES YER",
    2_000: "CRC HUF KMF KZT NGN SDG SOS XAF XOF",
    5_000: "AOA ARS CLP IQD KPW KRW MMK MWK RWF",
    10_000: "CDF COP SSP TZS",
    20_000: "BIF IDR KHR MGA MNT PYG UGX",
    50_000: "GNF LAK SYP UZS VND",
    200_000: "IRR",
    500_000: "LBP",
}
_MAJOR = {code: amount for amount, codes in _WORTH_FIVE_DOLLARS.items() for code in codes.split()}
_ELSEWHERE = 5
# A parcel abroad costs about four times as much, in Europe as in Asia.
_ABROAD = 4


def starting_prices(currency: str) -> tuple[int, int]:
    """Return (within the country, abroad) in minor units: amounts to start from, of the right order of magnitude."""
    domestic: int = _MAJOR.get(currency, _ELSEWHERE) * 10 ** exponent(currency)
    return domestic, domestic * _ABROAD
