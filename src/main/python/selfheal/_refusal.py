"""The agent's refusal of a call."""

from __future__ import annotations

from typing import Optional

from ._wire import Answer, BadAnswer


class PermitRefused(Exception):
    """The call must not be made now.

    service: which was asked for. reason: breaker_open, rate_limited, budget_exhausted,
    bulkhead_full or retry_budget_exhausted. retry_after: seconds after which asking again makes
    sense; None when the agent does not say. alternative: the service to call instead; None when
    none is configured. detail: one sentence for people.
    """

    def __init__(
        self,
        service: str,
        reason: str,
        retry_after: Optional[float] = None,
        alternative: Optional[str] = None,
        detail: str = "",
    ) -> None:
        super().__init__(service, reason, retry_after, alternative, detail)
        self.service = service
        self.reason = reason
        self.retry_after = retry_after
        self.alternative = alternative
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.service} may not be called: {self.reason}"
        if self.retry_after is not None:
            text += f", ask again in {self.retry_after:g} s"
        if self.alternative is not None:
            text += f", or call {self.alternative}"
        return f"{text} ({self.detail})" if self.detail else text


def refusal(service: str, answer: Answer) -> Optional[PermitRefused]:
    """The refusal in an answer; None when it is no refusal but some other trouble of the agent."""
    if answer.status not in (429, 503):
        return None
    try:
        problem = answer.json()
    except BadAnswer:
        return None
    reason = problem.get("reason") if isinstance(problem, dict) else None
    if not isinstance(reason, str):
        return None
    alternative = problem.get("alternative")
    detail = problem.get("detail")
    return PermitRefused(
        service,
        reason,
        _retry_after(problem.get("retry_after_ms"), answer.header("Retry-After")),
        alternative if isinstance(alternative, str) else None,
        detail if isinstance(detail, str) else "",
    )


def _retry_after(milliseconds: object, header: Optional[str]) -> Optional[float]:
    """The body is finer than the header, which has whole seconds."""
    if isinstance(milliseconds, (int, float)) and 0 <= milliseconds < 1e12:
        return milliseconds / 1000
    if header is not None and header.isascii() and header.isdigit() and len(header) < 10:
        return float(header)
    return None
