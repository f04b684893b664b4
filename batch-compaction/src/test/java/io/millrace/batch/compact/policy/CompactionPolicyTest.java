package io.millrace.batch.compact.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
    private static final long MB = 1L << 20;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant COLD = NOW.minus(Duration.ofHours(1));
    private static final Instant HOT = NOW.minus(Duration.ofMinutes(1));
    private static final CompactionPolicy POLICY =
            new CompactionPolicy(128 * MB, 1024 * MB, 10_000 * MB, Duration.ofMinutes(15), 0.3, 10);

    private int files;

    @Test
    void smallFilesOfAColdPartitionAreMerged() {
        CompactionPlan plan = plan(partition("a", file(10, COLD), file(20, COLD), file(130, COLD)));

        assertThat(plan.groups()).hasSize(1);
        assertThat(plan.groups().get(0).bytes()).isEqualTo(30 * MB);
        assertThat(plan.groups().get(0).filesAfter()).isEqualTo(1);
    }

    @Test
    void aSingleSmallFileIsNotCopied() {
        assertThat(plan(partition("a", file(10, COLD), file(130, COLD))).groups())
                .isEmpty();
    }

    @Test
    void aFileWithDeletesIsRewrittenHoweverLarge() {
        CompactionPlan plan = plan(partition("a", withDeletes(130, 10, COLD, "d1"), file(128, COLD)));

        assertThat(plan.groups()).hasSize(1);
        assertThat(plan.groups().get(0).files()).hasSize(1);
        assertThat(plan.groups().get(0).deletedRows()).isEqualTo(10);
    }

    @Test
    void aHotPartitionIsLeftAlone() {
        CompactionPlan plan = plan(partition("a", file(10, COLD), file(20, COLD), file(1, HOT)));

        assertThat(plan.groups()).isEmpty();
        assertThat(plan.leftAlone()).containsExactly("a");
    }

    @Test
    void aHotPartitionWithManyDeletesGivesUpItsFilesWithDeletes() {
        CompactionPlan plan = plan(partition("a", withDeletes(130, 95, COLD, "d1"), file(20, COLD), file(1, HOT)));

        assertThat(plan.groups()).hasSize(1);
        assertThat(plan.groups().get(0).files()).extracting(FileFacts::bytes).containsExactly(130 * MB);
        assertThat(plan.leftAlone()).isEmpty();
    }

    @Test
    void aPartitionThatNeverCoolsHasItsCooledFilesMergedOnceTheyAreMany() {
        List<FileFacts> files = new ArrayList<>(List.of(file(1, HOT)));
        for (int i = 0; i < 10; i++) {
            files.add(file(2, COLD));
        }

        CompactionPlan plan = plan(new PartitionFacts("a", files));

        assertThat(plan.groups()).hasSize(1);
        assertThat(plan.groups().get(0).files())
                .hasSize(10)
                .allMatch(file -> file.addedAt().equals(COLD));
    }

    @Test
    void manyTinyFilesOutrankAFewLargerOnesOfTheSameSize() {
        List<FileFacts> tiny = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            tiny.add(file(1, COLD));
        }

        CompactionPlan plan = plan(partition("few", file(30, COLD), file(30, COLD)), new PartitionFacts("many", tiny));

        assertThat(plan.groups()).extracting(FileGroup::partition).containsExactly("many", "few");
    }

    @Test
    void theScoreIsWhatAScanIsSparedForWhatTheRewriteMoves() {
        FileGroup group = plan(partition("a", withDeletes(100, 50, COLD, "d1"), withDeletes(100, 50, COLD, "d1")))
                .groups()
                .get(0);

        assertThat(group.savedBytesPerScan()).isEqualTo((2 + 1 - 1) * 4 * MB + 100 * MB);
        assertThat(group.score()).isEqualTo(108.0 / (200 + 100 + 8));
    }

    @Test
    void aLargePartitionIsCutIntoGroups() {
        List<FileFacts> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(file(30, COLD));
        }

        CompactionPlan plan = plan(new PartitionFacts("a", many));

        assertThat(plan.groups()).hasSize(3).allMatch(group -> group.bytes() <= 1024 * MB);
        assertThat(plan.groups().stream()
                        .mapToInt(group -> group.files().size())
                        .sum())
                .isEqualTo(100);
    }

    @Test
    void whatTheBudgetHasNoRoomForIsPostponed() {
        CompactionPlan plan = POLICY.plan(
                List.of(
                        partition("a", file(1, COLD), file(1, COLD)),
                        partition("b", file(70, COLD), file(75, COLD)),
                        partition("c", file(40, COLD), file(40, COLD))),
                NOW,
                150 * MB);

        assertThat(plan.groups()).extracting(FileGroup::partition).containsExactly("a", "c");
        assertThat(plan.postponed()).extracting(FileGroup::partition).containsExactly("b");
    }

    @Test
    void aCompactedPartitionHasNothingMoreToGain() {
        CompactionPlan plan = plan(partition("a", file(128, COLD), file(131, COLD), file(17, COLD)));

        assertThat(plan.groups()).isEmpty();
        assertThat(plan.leftAlone()).isEmpty();
    }

    @Test
    void theBudgetGoesToTheMostRewardingGroupsOfAllTables() {
        List<FileGroup> tiny = plan(partition("a", file(1, COLD), file(1, COLD), file(1, COLD)))
                .groups();
        List<FileGroup> large = plan(
                        partition("b", file(70, COLD), file(75, COLD)), partition("c", file(2, COLD), file(2, COLD)))
                .groups();

        assertThat(Budget.divide(10 * MB, Map.of("one", tiny, "other", large)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("one", 3 * MB, "other", 4 * MB));
    }

    @Test
    void aColdPartitionOfWhichRowsAreStillDeletedIsLeftAlone() {
        FileFacts written = withDeletes(130, 10, COLD, "d1");
        FileFacts deletedFrom =
                new FileFacts(written.location(), written.bytes(), 100, 10, written.deleteFiles(), COLD, HOT);

        CompactionPlan plan = plan(partition("a", deletedFrom));

        assertThat(plan.groups()).isEmpty();
        assertThat(plan.leftAlone()).containsExactly("a");
    }

    @Test
    void anOversizedFileOfAColdPartitionIsCut() {
        CompactionPlan plan = plan(partition("a", file(300, COLD)), partition("b", file(220, COLD)));

        assertThat(plan.groups()).hasSize(1);
        assertThat(plan.groups().get(0).partition()).isEqualTo("a");
        assertThat(plan.groups().get(0).filesAfter()).isEqualTo(2);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new CompactionPolicy(128 * MB, 1024 * MB, 0, Duration.ofMinutes(15), 0.3, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot plan with");
    }

    @Test
    void filesAreCountedByTheirSizeAgainstTheTarget() {
        assertThat(List.of(1L, 17L, 95L, 96L, 128L, 160L, 161L))
                .extracting(size -> SizeClass.of(size * MB, 128 * MB))
                .containsExactly(
                        SizeClass.TINY,
                        SizeClass.SMALL,
                        SizeClass.SMALL,
                        SizeClass.ON_TARGET,
                        SizeClass.ON_TARGET,
                        SizeClass.ON_TARGET,
                        SizeClass.LARGE);
    }

    private CompactionPlan plan(PartitionFacts... partitions) {
        return POLICY.plan(List.of(partitions), NOW);
    }

    private static PartitionFacts partition(String label, FileFacts... files) {
        return new PartitionFacts(label, List.of(files));
    }

    private FileFacts file(long megabytes, Instant addedAt) {
        return new FileFacts("f" + files++, megabytes * MB, 100, 0, Set.of(), addedAt, addedAt);
    }

    private FileFacts withDeletes(long megabytes, long deletedOfHundred, Instant addedAt, String deleteFile) {
        return new FileFacts(
                "f" + files++, megabytes * MB, 100, deletedOfHundred, Set.of(deleteFile), addedAt, addedAt);
    }
}
