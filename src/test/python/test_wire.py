"""HTTP by hand: answers in any pieces, and what is no answer."""

import unittest

from selfheal import _wire
from selfheal._wire import BadAnswer, Reader


class WireTest(unittest.TestCase):
    def test_a_request_is_what_the_standard_wants(self):
        got = _wire.request("POST", "/a", {"b": 1}, "t0")
        self.assertEqual(
            got,
            b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n"
            b'Content-Type: application/json\r\nAuthorization: Bearer t0\r\n\r\n{"b":1}',
        )
        self.assertEqual(
            _wire.request("GET", "/a", None, None),
            b"GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        )

    def test_json_that_is_none_is_refused_and_odd_text_is_sent(self):
        for bad in (float("nan"), float("inf")):
            with self.assertRaises(ValueError):
                _wire.encode({"cost": bad})
        self.assertEqual(_wire.encode("\ud800é"), '"?é"'.encode())

    def test_an_answer_in_any_two_pieces_is_the_same(self):
        whole = b'HTTP/1.1 201 Created\r\nContent-Length: 8\r\nRetry-After: 3\r\n\r\n{"a": 1}'
        for cut in range(1, len(whole)):
            reader = Reader()
            self.assertIsNone(reader.feed(whole[:cut]), cut)
            self.assertTrue(reader.started)
            answer = reader.feed(whole[cut:])
            self.assertEqual((answer.status, answer.json()), (201, {"a": 1}))
            self.assertEqual(answer.header("retry-after"), "3")
            self.assertIsNone(answer.header("after"))
            self.assertTrue(answer.keeps)

    def test_an_answer_byte_by_byte_and_one_without_a_body(self):
        reader = Reader()
        data = b"HTTP/1.1 204 No Content\r\nconnection: Close\r\n\r\n"
        for one in range(len(data) - 1):
            self.assertIsNone(reader.feed(data[one : one + 1]))
        answer = reader.feed(data[-1:])
        self.assertEqual((answer.status, answer.body, answer.keeps), (204, b"", False))

    def test_what_is_no_answer_is_refused(self):
        for bad in (
            b"220 mail.example ESMTP\r\n",
            b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
            b"HTTP/1.1 " + b"x" * 20_000,
            b"\x00\x01\x02",
        ):
            with self.subTest(bad[:60]), self.assertRaises(BadAnswer):
                Reader().feed(bad)

    def test_a_body_that_is_no_json_is_told_so(self):
        for body in (b"{", b"\xff", b"[" * 100_000):
            with self.assertRaises(BadAnswer):
                _wire.Answer(200, b"", body).json()


if __name__ == "__main__":
    unittest.main()
