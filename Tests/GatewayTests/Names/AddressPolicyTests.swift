import Testing

@testable import Gateway

@Suite("Where a name of somebody else may lead")
struct AddressPolicyTests {
    @Test(
        "not to this host, not to a private network, in no spelling",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
            "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
            "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:2::1",
            "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::", "3fff::1", "3fff:fff::1", "5f00::1",
            "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
        ])
    func refused(text: String) throws {
        #expect(AddressPolicy.isPrivate(try #require(IPAddress(text))))
    }

    @Test(
        "to every public one, the neighbours of the blocks too",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
            "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2000::", "2001:200::1", "2606:4700::1111",
            "2a00::1", "3ffe:ffff::1",
        ])
    func taken(text: String) throws {
        #expect(!AddressPolicy.isPrivate(try #require(IPAddress(text))))
    }
}

@Suite("Numeric addresses")
struct IPAddressTests {
    @Test("one form for one address")
    func form() {
        #expect(IPAddress("2001:DB8:0:0::1")?.description == "2001:db8::1")
        #expect(IPAddress("192.0.2.1")?.description == "192.0.2.1")
        for text in ["", "192.0.2", "0300.0.2.1", "host", "::1%lo", "[::1]"] { #expect(IPAddress(text) == nil) }
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test("families in turn, IPv6 first, in the order of their numbers")
    func interleaved() {
        let texts = ["192.0.2.2", "192.0.2.1", "2001:db8::2", "192.0.2.3", "2001:db8::1"]
        #expect(
            texts.compactMap { IPAddress($0) }.interleaved.map(\.description)
                == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"])
    }

    @Test("a prefix may end within a byte")
    func prefix() throws {
        let block = try #require(IPAddress("172.16.0.0"))
        #expect(try #require(IPAddress("172.31.0.1")).hasPrefix(block, 12))
        #expect(try !#require(IPAddress("172.32.0.1")).hasPrefix(block, 12))
        #expect(try !#require(IPAddress("2001:db8::1")).hasPrefix(block, 0))
    }
}
