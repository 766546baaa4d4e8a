"""Processes that do something at once: each forked from one that has read the app, and nothing more, before."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

R = TypeVar("R")
LONGEST = 120


def _send(end: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    end.send(work(*arguments))


def side_by_side(work: Callable[..., R], each: Sequence[tuple[object, ...]]) -> list[R]:
    """Call a module's function in a process of its own for each of these arguments; return what each call returned.

    Raises EOFError where a process ends without an answer, TimeoutError where one takes too long.
    """
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["app"])
    pipes = [forking.Pipe(duplex=False) for _ in each]
    running = [
        forking.Process(target=_send, args=(end, work, arguments))
        for (_, end), arguments in zip(pipes, each, strict=True)
    ]
    for one, (_, end) in zip(running, pipes, strict=True):
        one.start()
        end.close()
    answers = list[R]()
    try:
        for begin, _ in pipes:
            if not begin.poll(LONGEST):
                raise TimeoutError
            answers.append(begin.recv())
    finally:
        for one in running:
            one.join(LONGEST)
    return answers
