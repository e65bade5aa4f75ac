"""Regular expressions for ranges of positions, as they are written in a VCF: digits without leading zeros."""

_MAX_DIGITS = 10
# Digits that decide; the rest of a number is any digit. More make longer expressions, fewer more false candidates.
_DIGITS_WITHIN = 3
_DIGITS_AROUND = 4
_NEVER = "(?!)"


def within(low: int, high: int) -> str:
    """Return an expression for numbers of low..high, both included; a few beside the ends are left out.

    >>> within(1, 121_342_259)
    '(?:1(?:20|[0-1][0-9])[0-9]{6}|[1-9][0-9]{0,7}+)'
    """
    return _expression(low, high, _DIGITS_WITHIN, outward=False)


def around(low: int, high: int) -> str:
    """Return an expression for all numbers of low..high, both included, and a few beside the ends.

    >>> around(121_473_332, 121_603_458)
    '(?:121[4-6][0-9]{5})'
    """
    return _expression(low, high, _DIGITS_AROUND, outward=True)


def _expression(low: int, high: int, most: int, *, outward: bool) -> str:
    """Return alternatives, long numbers first: most positions have eight or nine digits."""
    parts: list[tuple[int, str]] = []
    whole: list[int] = []
    for digits in range(1, _MAX_DIGITS + 1):
        first, last = max(low, 10 ** (digits - 1)), min(high, 10**digits - 1)
        if last - first + 1 == 9 * 10 ** (digits - 1):
            whole.append(digits)
        elif first <= last:
            parts.append((digits, _of_length(digits, first, last, min(digits, most), outward=outward)))
    if whole:
        parts.append((whole[-1], f"[1-9][0-9]{{{whole[0] - 1},{whole[-1] - 1}}}+"))
    texts = [text for _, text in sorted(parts, reverse=True) if text]
    return "(?:" + "|".join(texts) + ")" if texts else _NEVER


def _of_length(digits: int, low: int, high: int, kept: int, *, outward: bool) -> str:
    """Return an expression for low..high, which all have this many digits; "" when rounding leaves none."""
    step = 10 ** (digits - kept)
    first = low // step if outward else -(-low // step)
    last = high // step if outward else (high + 1) // step - 1
    return "" if first > last else _any_of(_spelled(first, last, kept)) + _any_digits(digits - kept)


def _spelled(first: int, last: int, width: int) -> list[str]:
    """Return the alternatives for first..last, written with `width` digits."""
    unit = 10 ** (width - 1)
    low, high = first // unit, last // unit
    if low == high and first % unit:
        return [str(low) + _any_of(_spelled(first % unit, last % unit, width - 1))]
    parts: list[str] = []
    if first % unit:
        parts.append(str(low) + _any_of(_spelled(first % unit, unit - 1, width - 1)))
        low += 1
    rest = last % unit
    if rest != unit - 1:
        parts.append(str(high) + _any_of(_spelled(0, rest, width - 1)))
        high -= 1
    if low <= high:
        parts.append((f"[{low}-{high}]" if low < high else str(low)) + _any_digits(width - 1))
    return parts


def _any_of(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _any_digits(count: int) -> str:
    return "[0-9]" + f"{{{count}}}" * (count > 1) if count else ""
