import ArgumentParser
import Shared

struct AuditCommand: DelegatedCommand {
    static let program = "postern-gateway"
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Ask a running gateway, and tell what its answers say of the services behind it.",
        discussion: """
            Asks for each route of --config, for the requests of a file or of an access log, and looks in every answer \
            for names, addresses and sockets of the services, for banners, fields that describe a server, and stack \
            traces. Ends with status 0 when nothing was found, 1 when something was, 69 when a request was not answered.

              postern audit --config deploy/tutorial --param id=1
              postern audit --url https://shop.example --log /var/log/access.log --json
              postern audit --requests requests.http --token "$TOKEN"

            \(ExitStatus.help)
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var arguments: AuditArguments
}
