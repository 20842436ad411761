"""Where the agent is looked for."""

import os
import tempfile
import unittest

from selfheal import _address


class AddressTest(unittest.TestCase):
    def test_the_environment_names_the_one_place_or_none(self):
        self.assertEqual(_address.sockets({"SELFHEAL_SOCKET": " /x/y "}), ["/x/y"])
        self.assertEqual(_address.sockets({"SELFHEAL_SOCKET": "off", "SELFHEAL_HOME": "/d"}), [])

    def test_else_it_is_where_the_agent_puts_it_by_itself(self):
        got = _address.sockets({"SELFHEAL_HOME": "/d", "XDG_STATE_HOME": "/s"})
        self.assertEqual(
            got,
            [
                "/d/selfheal.sock",
                "/run/selfheal/selfheal.sock",
                "/var/lib/selfheal/selfheal.sock",
                "/s/selfheal/selfheal.sock",
            ],
        )
        home = os.path.expanduser("~/.local/state/selfheal/selfheal.sock")
        self.assertEqual(_address.sockets({})[-1], home)

    def test_the_token_is_beside_the_socket_or_in_the_data_directory(self):
        with tempfile.TemporaryDirectory() as data:
            nowhere = {"XDG_STATE_HOME": os.path.join(data, "none")}
            self.assertIsNone(_address.token(os.path.join(data, "selfheal.sock"), nowhere))
            with open(os.path.join(data, "token"), "w", encoding="ascii") as file:
                file.write("f00d\n")
            self.assertEqual(_address.token(os.path.join(data, "selfheal.sock"), {}), "f00d")
            started = {"SELFHEAL_HOME": data}
            self.assertEqual(_address.token("/run/elsewhere/selfheal.sock", started), "f00d")
