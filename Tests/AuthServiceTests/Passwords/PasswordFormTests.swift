import Testing

@testable import AuthService

@Suite("Forms of hashes")
struct PasswordFormTests {
    @Test("what a hash was made by can be read off it")
    func reading() {
        #expect(PasswordForm(hash: "$2a$04$abc") == PasswordForm(.bcrypt, cost: 4))
        #expect(PasswordForm(hash: "$2y$31$abc") == PasswordForm(.bcrypt, cost: 31))
        #expect(PasswordForm(hash: "$y$j75$abc$def") == PasswordForm(.yescrypt, cost: 1))
        #expect(PasswordForm(hash: "$y$j9T$abc$def") == PasswordForm(.yescrypt, cost: 5))
        #expect(PasswordForm(hash: "$y$jFT$abc") == PasswordForm(.yescrypt, cost: 11))
    }

    @Test(
        "other forms are none of ours: no bound of theirs is known",
        arguments: [
            "", "$", "$2b$", "$2b$3$abc", "$2b$03$abc", "$2b$32$abc", "$2x$10$abc", "$y$", "$y$jGT$abc", "$y$j9T.$abc",
            "$gy$j9T$abc", "$7$CU..../....abc", "$6$rounds=5000$abc$def", "x$2b$10$abc",
        ])
    func foreign(hash: String) {
        #expect(PasswordForm(hash: hash) == nil)
    }

    @Test("every form makes settings that are read back as it, and no cost beyond them does")
    func settings() throws {
        for scheme in PasswordScheme.allCases {
            for cost in scheme.costs {
                let form = PasswordForm(scheme, cost: cost)
                let setting = try #require(CryptFunction.setting(form))
                #expect(PasswordForm(hash: setting) == form)
                #expect(setting.hasPrefix(scheme.prefix))
                #expect(CryptFunction.setting(form) != setting)
            }
            #expect(CryptFunction.setting(PasswordForm(scheme, cost: scheme.costs.lowerBound - 1)) == nil)
            #expect(CryptFunction.setting(PasswordForm(scheme, cost: scheme.costs.upperBound + 1)) == nil)
            #expect(scheme.costs.contains(scheme.defaultCost))
        }
    }
}
