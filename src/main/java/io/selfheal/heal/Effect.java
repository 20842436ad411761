package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.JobRequests;
import io.selfheal.message.SymptomRequests;

/** What a case wants done. Each but {@link Publish} is answered with one {@link Input}. */
sealed interface Effect {
  /** Say it. */
  record Publish(Event event) implements Effect {}

  /** Write it to disk. */
  record Save(long revision, Incident incident) implements Effect {}

  /** Do what a step of the ladder is for. */
  record Act(int step, Question<?, ?> question) implements Effect {}

  /** Read the workers. */
  record LookAtWorkers() implements Effect {}

  /** Read how the subject stands under its rule. */
  record LookAtSymptom(SymptomRequests.Look query) implements Effect {}

  /** Ask what a sweep would do. */
  record LookAtJobs(JobRequests.Sweep query) implements Effect {}
}
