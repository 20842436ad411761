package io.selfheal.service;

import io.selfheal.message.LimitEvent.Limit;
import org.jspecify.annotations.Nullable;

/** How the refusals of one service are told: to the caller each, to others now and then. */
final class Refusals {
  private final News news;
  private @Nullable LimitTold told;
  private @Nullable Refusal sentenceOf;
  private long sentenceEpoch;
  private String sentence = "";

  Refusals(News news) {
    this.news = news;
  }

  void tell(Guarded service, Refusal refusal, Moment now) {
    Ledger ledger = service.ledger();
    if (refusal == Refusal.BUDGET && ledger != null && ledger.exhausts()) {
      news.exhausted(service.config().name(), ledger);
      service.save(now);
      return;
    }
    Limit limit = refusal.limit();
    if (limit == null) {
      return;
    }
    LimitTold known = told;
    if (known == null) {
      known = new LimitTold();
      told = known;
    }
    long count = known.count(limit, now.mark());
    if (count > 0) {
      news.limited(service.config().name(), limit, count, service.pause(refusal, now));
    }
  }

  /** Asked for a thousand times a second while a breaker is open, so made once. */
  String sentence(Guarded service, Refusal refusal) {
    long epoch = service.phase().epoch();
    if (refusal != sentenceOf || sentenceEpoch != epoch) {
      sentence = Sentences.of(refusal, service);
      sentenceOf = refusal;
      sentenceEpoch = epoch;
    }
    return sentence;
  }
}
