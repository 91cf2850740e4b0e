import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.ConnectorPortRegister;
import org.neo4j.configuration.connectors.ConnectorType;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/**
 * A Neo4j Community server on a free loopback port (or that of argument 3), for the tests. Argument 1 is its folder;
 * the property "pages" is the megabytes of its page cache.
 *
 * Its input begins with the password for the user "neo4j", as many bytes as argument 2 says; its first line of output
 * is "ready PORT" once it takes connections. It stops when its input ends, which the operating system sees to when the
 * tests end, however they end.
 */
public class Server {
    public static void main(String[] arguments) throws Exception {
        try {
            serve(arguments);
        } catch (Exception error) {
            error.printStackTrace();
            System.exit(1);
        }
    }

    private static void serve(String[] arguments) throws Exception {
        String password = new String(System.in.readNBytes(Integer.parseInt(arguments[1])));
        boolean isNew = !Files.exists(Path.of(arguments[0], "data"));
        int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        var service = new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", port))
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(Long.getLong("pages", 64)))
                .setConfig(GraphDatabaseSettings.check_point_interval_time, Duration.ofMinutes(30))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        if (isNew) {
            service.database("system").executeTransactionally(
                    "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
        }
        var database = (GraphDatabaseAPI) service.database("neo4j");
        var ports = database.getDependencyResolver().resolveDependency(ConnectorPortRegister.class);
        System.out.println("ready " + ports.getLocalAddress(ConnectorType.BOLT).getPort());
        while (System.in.read() != -1) {
            // Nothing more is said on the input: its end is the sign to stop.
        }
        System.exit(0);
    }
}
