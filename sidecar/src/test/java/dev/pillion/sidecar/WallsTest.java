package dev.pillion.sidecar;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls between our modules and packages: what may import what, and nothing else may. */
class WallsTest {

    private static final String SIDECAR = "dev.pillion.sidecar.";

    /**
     * A package may import those to its right, never to its left: first what carries a request
     * (edge, exchange), then the stages, each left of the one whose result it takes (dispatch takes
     * plans, plan takes what was admitted), then what they use.
     */
    private static final List<String> FLOW =
            List.of(
                    "cli",
                    "rehearse",
                    "admin",
                    "edge",
                    "exchange",
                    "dispatch",
                    "plan",
                    "health",
                    "admit",
                    "upstream",
                    "search",
                    "account",
                    "telemetry",
                    "config");

    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.pillion");

    @Test
    void theWallsAreCheckedOnRealClasses() {
        assertTrue(OURS.contain(Main.class), "the class files could not be read");
    }

    @Test
    void protocolImportsOnlyJacksonJspecifyAndTheJdk() {
        check(
                classes()
                        .that(resideInAPackage("dev.pillion.protocol.."))
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(
                                        "dev.pillion.protocol..",
                                        "com.fasterxml.jackson..",
                                        "org.jspecify..",
                                        "java..")));
    }

    @Test
    void protocolHasNoInputOrOutputAndNoThreadsAndNoClock() {
        check(
                noClasses()
                        .that(resideInAPackage("dev.pillion.protocol.."))
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage(
                                                "java.net.http..",
                                                "java.nio.file..",
                                                "java.nio.channels..")
                                        .or(sockets())
                                        .or(threads())
                                        .or(clocks())));
    }

    @Test
    void protocolNeverAsksForTheTime() {
        check(
                noClasses()
                        .that(resideInAPackage("dev.pillion.protocol.."))
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(Instant.class, "now"));
    }

    @Test
    void adaptersNeverSeeASocketAThreadOrTheSidecar() {
        check(
                noClasses()
                        .that(resideInAPackage("dev.pillion.adapters.."))
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage(
                                                "dev.pillion.sidecar..",
                                                "io.netty..",
                                                "java.net.http..")
                                        .or(resideInAnyPackage("java.nio.channels..", "okhttp3.."))
                                        .or(sockets())
                                        .or(threads())));
    }

    static List<String> packagesButCli() {
        return FLOW.subList(1, FLOW.size());
    }

    /** The command line and the composition root may import everything; nothing imports them. */
    @ParameterizedTest
    @MethodSource("packagesButCli")
    void aPackageOfTheSidecarImportsOnlyWhatStandsToItsRight(String name) {
        var before = FLOW.subList(0, FLOW.indexOf(name)).stream().map(p -> SIDECAR + p + "..");
        var outside = Stream.of("dev.pillion.sidecar", SIDECAR + "simulate..");
        var forbidden = Stream.concat(before, outside).toArray(String[]::new);
        check(
                noClasses()
                        .that(resideInAPackage(SIDECAR + name + ".."))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(forbidden)));
    }

    @Test
    void theSimulatedVendorsShareNoCodeWithWhatTheyTest() {
        check(
                noClasses()
                        .that(resideInAPackage(SIDECAR + "simulate.."))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage("dev.pillion..")
                                        .and(not(SIDECAR + "simulate.."))));
    }

    @ParameterizedTest
    @CsvSource({
        "io.netty.., edge upstream simulate",
        "io.micrometer.., telemetry",
        "io.github.bucket4j.., admit",
        "okhttp3.., search config",
        "dev.failsafe.., search config",
        "picocli.., cli",
        "com.github.benmanes.caffeine.., dispatch admit health plan"
    })
    void aLibraryStaysBehindThePackagesThatWrapIt(String library, String homes) {
        var allowed = Stream.of(homes.split(" ")).map(p -> SIDECAR + p + "..");
        check(
                noClasses()
                        .that(not(allowed.toArray(String[]::new)))
                        .should()
                        .dependOnClassesThat(resideInAPackage(library)));
    }

    @Test
    void thereAreNoCyclesBetweenPackages() {
        check(slices().matching("dev.pillion.protocol.(**)").should().beFreeOfCycles());
        check(slices().matching("dev.pillion.adapters.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.pillion.sidecar.(*)..").should().beFreeOfCycles());
    }

    private static DescribedPredicate<JavaClass> not(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }

    private static DescribedPredicate<JavaClass> sockets() {
        return DescribedPredicate.describe(
                "sockets", c -> c.getName().matches("java\\.net\\..*(Socket|URLConnection).*"));
    }

    private static DescribedPredicate<JavaClass> threads() {
        return DescribedPredicate.describe(
                "threads",
                c ->
                        c.getName()
                                .matches(
                                        "java\\.lang\\.Thread|java\\.util\\.(Timer|concurrent\\.\\w*(Execut|Future|Thread)).*"));
    }

    private static DescribedPredicate<JavaClass> clocks() {
        return DescribedPredicate.describe(
                "clocks", c -> c.getName().matches("java\\.time\\.(Clock|InstantSource)"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(OURS);
    }
}
